/*
 * Image. See dll_image.h.
 */
#include "dll_image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

#ifdef __i386__
#define MACHINE IMAGE_FILE_MACHINE_I386
#else
#define MACHINE IMAGE_FILE_MACHINE_AMD64
#endif

static struct image read_headers(const unsigned char *base)
{
    const IMAGE_DOS_HEADER *dos = (const void *)base;
    struct image image = {base, (const void *)(base + dos->e_lfanew)};

    assert_int_equal(dos->e_magic, IMAGE_DOS_SIGNATURE);
    assert_int_equal(image.headers->Signature, IMAGE_NT_SIGNATURE);
    assert_int_equal(image.headers->FileHeader.Machine, MACHINE);
    assert_int_equal(image.headers->OptionalHeader.Magic, IMAGE_NT_OPTIONAL_HDR_MAGIC);
    return image;
}

struct image image_of_module(HMODULE module)
{
    return read_headers((const void *)module);
}

static unsigned char *read_all(const char *path, size_t *n)
{
    FILE *file = fopen(path, "rb");
    unsigned char *bytes;
    long size;

    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    size = ftell(file);
    assert_true(size > 0);
    rewind(file);
    bytes = malloc((size_t)size);
    assert_non_null(bytes);
    *n = fread(bytes, 1, (size_t)size, file);
    assert_int_equal(*n, size);
    fclose(file);
    return bytes;
}

/* As the loader would, without its protection and relocations. */
struct image image_of_file(const char *path)
{
    size_t n;
    unsigned char *file = read_all(path, &n), *laid;
    struct image raw = read_headers(file);
    const IMAGE_SECTION_HEADER *section = IMAGE_FIRST_SECTION(raw.headers);
    DWORD size = raw.headers->OptionalHeader.SizeOfImage;

    laid = calloc(1, size);
    assert_non_null(laid);
    memcpy(laid, file, raw.headers->OptionalHeader.SizeOfHeaders);
    for (WORD i = 0; i < raw.headers->FileHeader.NumberOfSections; i++, section++) {
        assert_true(section->PointerToRawData + section->SizeOfRawData <= n);
        assert_true(section->VirtualAddress + section->SizeOfRawData <= size);
        memcpy(laid + section->VirtualAddress, file + section->PointerToRawData,
               section->SizeOfRawData);
    }
    free(file);
    return read_headers(laid);
}

static const IMAGE_DATA_DIRECTORY *entry(const struct image *image, unsigned which)
{
    return &image->headers->OptionalHeader.DataDirectory[which];
}

const void *image_directory(const struct image *image, unsigned which)
{
    DWORD at = entry(image, which)->VirtualAddress;

    return at ? image->base + at : NULL;
}

const IMAGE_SECTION_HEADER *image_section(const struct image *image, DWORD rva)
{
    const IMAGE_SECTION_HEADER *section = IMAGE_FIRST_SECTION(image->headers);

    for (WORD i = 0; i < image->headers->FileHeader.NumberOfSections; i++, section++)
        if (rva >= section->VirtualAddress &&
            rva - section->VirtualAddress < section->Misc.VirtualSize)
            return section;
    return NULL;
}

bool image_export(const struct image *image, DWORD i, struct image_export *found)
{
    const IMAGE_EXPORT_DIRECTORY *all = image_directory(image, IMAGE_DIRECTORY_ENTRY_EXPORT);
    WORD index;

    if (!all || i >= all->NumberOfNames)
        return false;
    index = ((const WORD *)(image->base + all->AddressOfNameOrdinals))[i];
    assert_true(index < all->NumberOfFunctions);
    found->ordinal = (WORD)(all->Base + index);
    found->name =
        (const char *)image->base + ((const DWORD *)(image->base + all->AddressOfNames))[i];
    found->at = ((const DWORD *)(image->base + all->AddressOfFunctions))[index];
    return true;
}

bool image_is_forwarder(const struct image *image, DWORD rva)
{
    const IMAGE_DATA_DIRECTORY *exports = entry(image, IMAGE_DIRECTORY_ENTRY_EXPORT);

    return rva >= exports->VirtualAddress && rva - exports->VirtualAddress < exports->Size;
}

const char *image_import(const struct image *image, unsigned i)
{
    const IMAGE_IMPORT_DESCRIPTOR *imports = image_directory(image, IMAGE_DIRECTORY_ENTRY_IMPORT);

    return imports && imports[i].Name ? (const char *)image->base + imports[i].Name : NULL;
}
