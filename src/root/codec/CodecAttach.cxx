// How a codec gets to a tree and into its file, or to a copy with fewer branches.
#include "support/Check.h"
#include "support/MergedLater.h"
#include "RootBaler/Codec.h"

#include <TFile.h>
#include <TList.h>
#include <TTree.h>

#include <cstdint>

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

Codec Codec::ForBranches(const std::vector<std::string> &names) const
{
   std::vector<const char *> texts;
   for (const std::string &name : names)
      texts.push_back(name.c_str());
   RbCodec *core = nullptr;
   Internal::Check(rb_codec_for_branches(fCore.get(), texts.data(), texts.size(), &core));
   return With(core);
}

Codec Codec::WithoutNetworks(const std::set<ULong64_t> &hashes) const
{
   const std::vector<std::uint64_t> list(hashes.begin(), hashes.end());
   RbCodec *core = nullptr;
   Internal::Check(rb_codec_without_networks(fCore.get(), list.data(), list.size(), &core));
   return With(core);
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
