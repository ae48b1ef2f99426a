// ROOT's compression functions, also where our own stand in their place. As in RZip.h, where some releases lack const.
#ifndef ROOTBALER_ROOTZIP_H
#define ROOTBALER_ROOTZIP_H

#include <Compression.h>

namespace RootBaler {
namespace Internal {

extern void RootZip(int level, int *srcSize, const char *src, int *tgtSize, char *tgt, int *written,
                    ROOT::RCompressionSetting::EAlgorithm::EValues) __asm__("R__zipMultipleAlgorithm");
extern int RootUnzipHeader(int *srcSize, const unsigned char *src, int *tgtSize) __asm__("R__unzip_header");
extern void RootUnzip(int *srcSize, const unsigned char *src, int *tgtSize, unsigned char *tgt,
                      int *written) __asm__("R__unzip");

} // namespace Internal
} // namespace RootBaler

#endif
