#include "codec/CopiedModels.h"

#include "basket/BasketRecord.h"
#include "codec/ModelRegistry.h"
#include "support/FileId.h"
#include "RootBaler/Codec.h"

#include <TBasket.h>
#include <TBuffer.h>
#include <TBranch.h>
#include <TFile.h>
#include <TROOT.h>
#include <TVirtualMutex.h>

#include <set>
#include <utility>

namespace RootBaler {
namespace Internal {

namespace {

// A file and a model.
using Case = std::pair<std::uint64_t, std::uint64_t>;

bool IsIn(const std::set<Case> &cases, TFile *file, std::uint64_t hash)
{
   return file && cases.count({FileId(*file), hash}) != 0;
}

} // namespace

void CopyModelOf(TBasket &basket, TFile *to)
{
   TBuffer *buffer = basket.GetBufferRef();
   if (!to || !buffer)
      return;
   const auto info = FirstBlock(buffer->Buffer(), buffer->BufferSize());
   if (!info || info->kind != RB_KIND_MODEL)
      return;
   R__LOCKGUARD(gROOTMutex); // it guards these, too
   static auto *copied = new std::set<Case>;
   static auto *missing = new std::set<Case>; // a file is not searched again for each basket
   if (IsIn(*copied, to, info->model_hash))
      return;
   auto *from = dynamic_cast<TFile *>(buffer->GetParent());
   TTree *tree = basket.GetBranch() ? basket.GetBranch()->GetTree() : nullptr;
   const bool wasMissing = IsIn(*missing, from, info->model_hash);
   const ModelPtr model = FindModel(info->model_hash, wasMissing ? nullptr : tree, wasMissing ? nullptr : from);
   if (!model) {
      if (from)
         missing->emplace(FileId(*from), info->model_hash);
      throw Error(EStatus::kMissing, std::string("file ") + to->GetName() + ": model " + HashText(info->model_hash) +
                                        " of a copied basket was not found in " +
                                        (from ? from->GetName() : "its file") +
                                        "; the copy can be read only where this model is loaded");
   }
   Codec codec;
   codec.AddModel(model->Bytes());
   codec.WriteKey(to);
   copied->emplace(FileId(*to), info->model_hash); // not before: another source may have what this one lacks
}

} // namespace Internal
} // namespace RootBaler
