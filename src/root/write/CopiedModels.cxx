#include "CopiedModels.h"

#include "../ModelRegistry.h"
#include "../read/BasketRecord.h"
#include "RootBaler/Codec.h"

#include <TBasket.h>
#include <TBuffer.h>
#include <TBranch.h>
#include <TFile.h>
#include <TKey.h>
#include <TROOT.h>
#include <TVirtualMutex.h>

#include <cstring>
#include <memory>
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
   return known->emplace(file.GetUUID().AsString(), hash).second;
}

// The codec key of `file` that holds the model: copied as it is, hadd finds the same name and does not store it twice.
std::unique_ptr<Codec> FindKey(TFile &file, std::uint64_t hash)
{
   for (TObject *obj : *file.GetListOfKeys()) {
      auto *key = static_cast<TKey *>(obj);
      if (std::strcmp(key->GetClassName(), "RootBaler::Codec") != 0)
         continue;
      std::unique_ptr<TObject> read(key->ReadObj());
      auto *codec = dynamic_cast<Codec *>(read.get());
      if (!codec || !codec->HasModel(hash))
         continue;
      read.release();
      return std::unique_ptr<Codec>(codec);
   }
   return nullptr;
}

} // namespace

void CopyModelOf(TBasket &basket, TFile *to)
{
   TBuffer *buffer = basket.GetBufferRef();
   if (!to || !buffer)
      return;
   const auto hash = ModelHashOf(buffer->Buffer(), buffer->BufferSize());
   if (!hash || !IsNewFor(*to, *hash))
      return;
   R__LOCKGUARD(gROOTMutex);
   auto *from = dynamic_cast<TFile *>(buffer->GetParent());
   std::unique_ptr<Codec> codec = from ? FindKey(*from, *hash) : nullptr;
   if (!codec) {
      TTree *tree = basket.GetBranch() ? basket.GetBranch()->GetTree() : nullptr;
      const ModelPtr model = FindModel(*hash, tree, from);
      if (!model)
         throw Error(EStatus::kMissing, std::string("file ") + to->GetName() + ": model " + HashText(*hash) +
                                           " of a copied basket was not found in " +
                                           (from ? from->GetName() : "its file") +
                                           "; the copy can be read only where this model is loaded");
      codec = std::make_unique<Codec>();
      codec->AddModel(model->Bytes());
   }
   codec->WriteKey(to);
}

} // namespace Internal
} // namespace RootBaler
