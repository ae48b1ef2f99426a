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

#include <mutex>
#include <set>

namespace RootBaler {
namespace Internal {

namespace {

bool IsNewFor(TFile &file, std::uint64_t hash)
{
   static std::mutex mutex;
   static auto *known = new std::set<std::pair<std::string, std::uint64_t>>;
   std::lock_guard<std::mutex> lock(mutex);
   return known->emplace(FileId(file), hash).second;
}

} // namespace

void CopyModelOf(TBasket &basket, TFile *to)
{
   TBuffer *buffer = basket.GetBufferRef();
   if (!to || !buffer)
      return;
   const auto info = FirstBlock(buffer->Buffer(), buffer->BufferSize());
   if (!info || info->kind != RB_KIND_MODEL || !IsNewFor(*to, info->model_hash))
      return;
   R__LOCKGUARD(gROOTMutex);
   auto *from = dynamic_cast<TFile *>(buffer->GetParent());
   TTree *tree = basket.GetBranch() ? basket.GetBranch()->GetTree() : nullptr;
   const ModelPtr model = FindModel(info->model_hash, tree, from);
   if (!model)
      throw Error(EStatus::kMissing, std::string("file ") + to->GetName() + ": model " + HashText(info->model_hash) +
                                        " of a copied basket was not found in " +
                                        (from ? from->GetName() : "its file") +
                                        "; the copy can be read only where this model is loaded");
   Codec codec;
   codec.AddModel(model->Bytes());
   codec.WriteKey(to);
}

} // namespace Internal
} // namespace RootBaler
