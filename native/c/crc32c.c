/*
 * CRC32C by the CPU's own instruction (SSE 4.2, which every CPU has that the image starts on). An image's own CRC32C does 1.8 GiB a
 * CPU second, this one several times as much. fetch.NativeCrc32c calls it.
 */
#include <nmmintrin.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The CRC of what came before (0 at the start) and these bytes. */
uint32_t exodl_crc32c(uint32_t before, const uint8_t *bytes, size_t length) {
  uint64_t crc = (uint32_t)~before;
  for (; length >= 8; length -= 8, bytes += 8) {
    uint64_t word;
    memcpy(&word, bytes, 8);
    crc = _mm_crc32_u64(crc, word);
  }
  for (; length > 0; length--, bytes++) crc = _mm_crc32_u8((uint32_t)crc, *bytes);
  return (uint32_t)~crc;
}
