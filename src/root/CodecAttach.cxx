// How a codec gets to a tree and into its file.
#include "RootBaler/Codec.h"

#include "write/SnapshotCodecs.h"

#include <TFile.h>
#include <TList.h>
#include <TTree.h>

namespace RootBaler {

void Codec::Attach(TTree *tree) const
{
   if (!tree)
      throw RootBaler::Error(EStatus::kBadArgument, "Codec::Attach: no tree");
   if (Codec *old = Of(tree)) {
      tree->GetUserInfo()->Remove(old);
      delete old;
   }
   tree->GetUserInfo()->Add(new Codec(*this));
   if (TDirectory *directory = tree->GetDirectory())
      if (TFile *file = directory->GetFile())
         if (file->IsWritable() && !Internal::IsMergedLater(*file))
            WriteKey(file);
}

Codec *Codec::Of(TTree *tree)
{
   if (!tree)
      return nullptr;
   for (TObject *obj : *tree->GetUserInfo())
      if (auto *codec = dynamic_cast<Codec *>(obj))
         return codec;
   return nullptr;
}

} // namespace RootBaler
