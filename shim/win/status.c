/*
 * Status: our own export. See sspishim.h.
 */
#include "config.h"
#include "count.h"
#include "shim.h"
#include "version.h"

uint32_t SSPISHIM_CALL shim_SspiShimStatus(struct sspishim_status *status, uint32_t size)
{
    if (!status || size < sizeof *status)
        return sizeof *status;
    config_get(); /* counts the faults */
    *status = (struct sspishim_status){
        .size = sizeof *status,
        .version = VERSION_MAJOR << 16 | VERSION_MINOR << 8 | VERSION_PATCH,
        .calls = count_sum(COUNT_CALLS),
        .untouched = count_sum(COUNT_UNTOUCHED),
        .merged = count_sum(COUNT_MERGED),
        .split = count_sum(COUNT_SPLIT),
        .extra = count_sum(COUNT_EXTRA),
        .extra_ignored = count_sum(COUNT_EXTRA_IGNORED),
        .held = count_sum(COUNT_HELD),
        .pending = count_sum(COUNT_PENDING),
        .lost = count_sum(COUNT_LOST),
        .altered = count_sum(COUNT_ALTERED),
        .verified = count_sum(COUNT_VERIFIED),
        .faults = count_sum(COUNT_FAULTS),
        .configured = count_sum(COUNT_CONFIGURED),
        .exact = count_sum(COUNT_EXACT),
        .keyless = count_sum(COUNT_KEYLESS),
        .retired = count_sum(COUNT_RETIRED),
    };
    return sizeof *status;
}
