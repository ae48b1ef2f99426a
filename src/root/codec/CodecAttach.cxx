// How a codec gets to a tree and into its file, or to a copy with fewer branches.
#include "codec/CodecState.h"
#include "support/MergedLater.h"
#include "RootBaler/Codec.h"

#include <TFile.h>
#include <TList.h>
#include <TTree.h>

#include <algorithm>

namespace RootBaler {

namespace {

// A branch is coded with the help of all the branches that its network wants, or of none.
bool CanHelp(const Internal::Model &model, const std::set<std::string> &names)
{
   const auto isThere = [&](std::size_t column) {
      const auto foreign = model.Foreign(column);
      return foreign ? names.count(foreign->fBranch) != 0 && names.count(model.Name(foreign->fIndex)) != 0
                     : names.count(model.Name(column)) != 0;
   };
   for (std::size_t i = 0; model.HasNetwork() && i < model.Columns(); ++i) {
      const auto parents = model.Parents(i);
      const bool hasContext = model.IsJagged() || !parents.empty();
      if (!model.Foreign(i) && isThere(i) && hasContext && std::all_of(parents.begin(), parents.end(), isThere))
         return true;
   }
   return false;
}

bool HasColumn(const Internal::Model &model, const std::set<std::string> &names)
{
   for (std::size_t i = 0; i < model.Columns(); ++i)
      if (names.count(model.Name(i)) != 0)
         return true;
   return false;
}

} // namespace

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
   const std::set<std::string> kept(names.begin(), names.end());
   std::set<ULong64_t> useless;
   Codec codec(*this);
   codec.fModelBytes.clear();
   codec.fModelSizes.clear();
   for (const auto &model : State().Models()) {
      if (HasColumn(*model, kept))
         codec.AddModel(model->Bytes());
      if (!CanHelp(*model, kept))
         useless.insert(model->Hash());
   }
   return codec.WithoutNetworks(useless);
}

Codec Codec::WithoutNetworks(const std::set<ULong64_t> &hashes) const
{
   Codec codec(*this);
   codec.fModelBytes.clear();
   codec.fModelSizes.clear();
   for (const auto &model : State().Models())
      codec.AddModel(hashes.count(model->Hash()) != 0 ? model->QuantisersOnly() : model->Bytes());
   return codec;
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
