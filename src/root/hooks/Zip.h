// The replacements of ROOT's three compression functions. They never throw.
#ifndef ROOTBALER_ZIP_H
#define ROOTBALER_ZIP_H

#include <Compression.h>

namespace RootBaler {
namespace Internal {

void HookZip(int level, int *srcSize, const char *src, int *tgtSize, char *tgt, int *written,
             ROOT::RCompressionSetting::EAlgorithm::EValues algorithm);
int HookUnzipHeader(int *srcSize, const unsigned char *src, int *tgtSize);
void HookUnzip(int *srcSize, const unsigned char *src, int *tgtSize, unsigned char *tgt, int *written);

} // namespace Internal
} // namespace RootBaler

#endif
