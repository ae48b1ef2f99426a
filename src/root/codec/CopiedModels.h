// Baskets that ROOT copies without decompressing them (fast CloneTree, hadd) need their model in the new file.
#ifndef ROOTBALER_COPIEDMODELS_H
#define ROOTBALER_COPIEDMODELS_H

class TBasket;
class TFile;

namespace RootBaler {
namespace Internal {

/// Writes the codec that holds the model of a loaded, still compressed basket into `to`, unless it is there.
void CopyModelOf(TBasket &basket, TFile *to);

} // namespace Internal
} // namespace RootBaler

#endif
