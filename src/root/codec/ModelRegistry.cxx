#include "codec/ModelRegistry.h"

#include "codec/CodecState.h"
#include "support/Message.h"
#include "RootBaler/Codec.h"

#include <TFile.h>
#include <TKey.h>
#include <TROOT.h>
#include <TTree.h>
#include <TVirtualMutex.h>

#include <cstring>
#include <map>
#include <mutex>

namespace RootBaler {
namespace Internal {

namespace {

std::mutex &RegistryMutex()
{
   static auto *mutex = new std::mutex; // outlives static destruction, as files may be read there
   return *mutex;
}

std::map<std::uint64_t, ModelPtr> &Models()
{
   static auto *models = new std::map<std::uint64_t, ModelPtr>;
   return *models;
}

ModelPtr FindParsed(std::uint64_t hash)
{
   std::lock_guard<std::mutex> lock(RegistryMutex());
   auto found = Models().find(hash);
   return found == Models().end() ? nullptr : found->second;
}

// Parses the models of all codec keys at the top of the file; State() registers them.
void ParseKeys(TFile &file)
{
   R__LOCKGUARD(gROOTMutex);
   for (TObject *obj : *file.GetListOfKeys()) {
      auto *key = static_cast<TKey *>(obj);
      if (std::strcmp(key->GetClassName(), "RootBaler::Codec") != 0)
         continue;
      std::unique_ptr<TObject> read(key->ReadObj());
      if (auto *codec = dynamic_cast<Codec *>(read.get()))
         codec->State();
   }
}

} // namespace

ModelPtr RegisterModel(const std::string &bytes)
{
   auto model = std::make_shared<const Model>(bytes);
   std::lock_guard<std::mutex> lock(RegistryMutex());
   return Models().emplace(model->Hash(), model).first->second;
}

ModelPtr FindModel(std::uint64_t hash, TTree *tree, TFile *file)
{
   ModelPtr model = FindParsed(hash);
   if (!model && tree) {
      R__LOCKGUARD(gROOTMutex); // GetUserInfo() creates the list where there is none
      if (Codec *codec = Codec::Of(tree))
         codec->State();
      model = FindParsed(hash);
   }
   if (!model && file) {
      ParseKeys(*file);
      model = FindParsed(hash);
   }
   return model;
}

std::vector<ModelPtr> KnownModels()
{
   std::vector<ModelPtr> models;
   std::lock_guard<std::mutex> lock(RegistryMutex());
   for (const auto &model : Models())
      models.push_back(model.second);
   return models;
}

} // namespace Internal
} // namespace RootBaler
