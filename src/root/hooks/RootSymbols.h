// ROOT's functions that we call in place of, by their linker names, as some of them are private or virtual.
// Weak: in a ROOT that lacks one it is null, and the start-up check says so.
#ifndef ROOTBALER_ROOTSYMBOLS_H
#define ROOTBALER_ROOTSYMBOLS_H

#include <Rtypes.h>

class TBasket;
class TBranch;
class TFile;
class TTreeCacheUnzip;

#define ROOTBALER_READ_BASKET_BUFFERS "_ZN7TBasket17ReadBasketBuffersExiP5TFile"
#define ROOTBALER_WRITE_BUFFER "_ZN7TBasket11WriteBufferEv"
#define ROOTBALER_WRITE_BASKET "_ZN7TBranch15WriteBasketImplEP7TBasketiPN4ROOT8Internal16TBranchIMTHelperE"
#define ROOTBALER_COPY_TO "_ZN7TBasket6CopyToEP5TFile"
#define ROOTBALER_CACHE_UNZIP "_ZN15TTreeCacheUnzip11UnzipBufferEPPcS0_"

namespace RootBaler {
namespace Internal {

/// int TBasket::ReadBasketBuffers(Long64_t pos, Int_t len, TFile *file)
extern Int_t RootReadBasketBuffers(TBasket *, Long64_t, Int_t, TFile *) __asm__(ROOTBALER_READ_BASKET_BUFFERS)
   __attribute__((weak));
/// Int_t TBasket::WriteBuffer()
extern Int_t RootWriteBuffer(TBasket *) __asm__(ROOTBALER_WRITE_BUFFER) __attribute__((weak));
/// Int_t TBranch::WriteBasketImpl(TBasket *, Int_t where, TBranchIMTHelper *)
extern Int_t RootWriteBasket(TBranch *, TBasket *, Int_t, void *) __asm__(ROOTBALER_WRITE_BASKET) __attribute__((weak));
/// Long64_t TBasket::CopyTo(TFile *to)
extern Long64_t RootCopyTo(TBasket *, TFile *) __asm__(ROOTBALER_COPY_TO) __attribute__((weak));
/// Int_t TTreeCacheUnzip::UnzipBuffer(char **dest, char *src)
extern Int_t RootCacheUnzip(TTreeCacheUnzip *, char **, char *) __asm__(ROOTBALER_CACHE_UNZIP) __attribute__((weak));

} // namespace Internal
} // namespace RootBaler

#endif
