/*
 * liblibchelper.a (4): what this CPU can do, and whether it is enough for the image. Names from AMD64LibCHelper's annotations
 * in svm.jar; the struct is generated from its fields (CpuFeatureHeaders.java), so a renamed field does not compile. The bits are
 * those of Intel's and AMD's manuals for CPUID. A feature that is not set is only not used.
 */
#include <cpuid.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "include/amd64cpufeatures.h"

typedef struct {
  unsigned a, b, c, d;
} registers;

static registers leaf(unsigned number, unsigned sub, unsigned highest) {
  registers r = {0, 0, 0, 0};
  if (number <= highest) __cpuid_count(number, sub, r.a, r.b, r.c, r.d);
  return r;
}

/* Which registers the kernel saves: bits of XCR0. */
static uint64_t saved_state(void) {
  unsigned low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (uint64_t)high << 32 | low;
}

#define HAS(value, bit) ((uint8_t)(((value) >> (bit)) & 1))

void determineCPUFeatures(CPUFeatures *f) {
  memset(f, 0, sizeof *f);
  unsigned highest = __get_cpuid_max(0, NULL);
  unsigned highest_extended = __get_cpuid_max(0x80000000, NULL);
  registers vendor = leaf(0, 0, highest);
  registers one = leaf(1, 0, highest);
  registers seven = leaf(7, 0, highest);
  registers seven_one = seven.a >= 1 ? leaf(7, 1, highest) : (registers){0, 0, 0, 0};
  registers extended = leaf(0x80000001, 0, highest_extended);
  registers power = leaf(0x80000007, 0, highest_extended);
  int amd = vendor.b == signature_AMD_ebx || vendor.b == 0x6f677948 /* Hygon */;

  f->fCX8 = HAS(one.d, 8);
  f->fCMOV = HAS(one.d, 15);
  f->fFXSR = HAS(one.d, 24);
  f->fMMX = HAS(one.d, 23);
  f->fHT = HAS(one.d, 28);
  f->fTSC = HAS(one.d, 4);
  f->fSSE = HAS(one.d, 25);
  f->fSSE2 = HAS(one.d, 26);
  f->fFLUSH = HAS(one.d, 19);
  f->fSSE3 = HAS(one.c, 0);
  f->fCLMUL = HAS(one.c, 1);
  f->fSSSE3 = HAS(one.c, 9);
  f->fSSE4_1 = HAS(one.c, 19);
  f->fSSE4_2 = HAS(one.c, 20);
  f->fPOPCNT = HAS(one.c, 23);
  f->fAES = HAS(one.c, 25);
  f->fHV = HAS(one.c, 31);
  f->fLZCNT = HAS(extended.c, 5);
  f->fSSE4A = amd ? HAS(extended.c, 6) : 0;
  f->fAMD_3DNOW_PREFETCH = HAS(extended.c, 8);
  f->fRDTSCP = HAS(extended.d, 27);
  f->fTSCINV_BIT = HAS(power.d, 8);
  f->fTSCINV = f->fTSC && f->fTSCINV_BIT;
  f->fBMI1 = HAS(seven.b, 3);
  f->fBMI2 = HAS(seven.b, 8);
  f->fERMS = HAS(seven.b, 9);
  f->fRTM = HAS(seven.b, 11);
  f->fADX = HAS(seven.b, 19);
  f->fFLUSHOPT = HAS(seven.b, 23);
  f->fCLWB = HAS(seven.b, 24);
  f->fSHA = HAS(seven.b, 29);
  f->fPKU = HAS(seven.c, 3);
  f->fOSPKE = HAS(seven.c, 4);
  f->fGFNI = HAS(seven.c, 8);
  f->fRDPID = HAS(seven.c, 22);
  f->fFSRM = HAS(seven.d, 4);
  f->fSERIALIZE = HAS(seven.d, 14);
  f->fCET_SS = HAS(seven.c, 7);
  f->fCET_IBT = HAS(seven.d, 20);

  /* Wide registers count only when the kernel saves them: XCR0 bits 1-2 are xmm and ymm, 5-7 the three parts of AVX-512. */
  uint64_t saved = HAS(one.c, 27) ? saved_state() : 0;
  if ((saved & 0x06) != 0x06 || !HAS(one.c, 28)) return;
  f->fAVX = 1;
  f->fVZEROUPPER = 1;
  f->fF16C = HAS(one.c, 29);
  f->fFMA = HAS(one.c, 12);
  f->fAVX2 = HAS(seven.b, 5);
  f->fSHA512 = HAS(seven_one.a, 0);
  f->fAVX_IFMA = HAS(seven_one.a, 23);
  if ((saved & 0xe6) != 0xe6 || !HAS(seven.b, 16)) return;
  f->fAVX512F = 1;
  f->fAVX512DQ = HAS(seven.b, 17);
  f->fAVX512_IFMA = HAS(seven.b, 21);
  f->fAVX512PF = HAS(seven.b, 26);
  f->fAVX512ER = HAS(seven.b, 27);
  f->fAVX512CD = HAS(seven.b, 28);
  f->fAVX512BW = HAS(seven.b, 30);
  f->fAVX512VL = HAS(seven.b, 31);
  f->fAVX512_VBMI = HAS(seven.c, 1);
  f->fAVX512_VBMI2 = HAS(seven.c, 6);
  f->fAVX512_VAES = HAS(seven.c, 9);
  f->fAVX512_VPCLMULQDQ = HAS(seven.c, 10);
  f->fAVX512_VNNI = HAS(seven.c, 11);
  f->fAVX512_BITALG = HAS(seven.c, 12);
  f->fAVX512_VPOPCNTDQ = HAS(seven.c, 14);
  f->fAVX512_FP16 = HAS(seven.d, 23);
  /* APX_F, AVX10_1 and AVX10_2 stay unset: no machine to try them on. */
}

/* A byte of the mask has all bits set but those that this byte of the struct must have. 0: nothing is missing. */
int checkCPUFeatures(const uint8_t *mask) {
  CPUFeatures found;
  determineCPUFeatures(&found);
  const uint8_t *has = (const uint8_t *)&found;
  for (size_t at = 0; at < sizeof found; at++) {
    if ((uint8_t)(mask[at] | has[at]) != 0xff) return 1;
  }
  return 0;
}

/* The same before Java's own start; the message is the builder's. */
int checkCPUFeaturesOrExit(const uint8_t *mask, const char *message) {
  if (checkCPUFeatures(mask) != 0) {
    fputs(message, stderr);
    exit(1);
  }
  return 0;
}
