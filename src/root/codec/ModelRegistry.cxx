#include "codec/ModelRegistry.h"

#include "support/Check.h"
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

bool IsCodec(const TKey &key)
{
   return std::strcmp(key.GetClassName(), "RootBaler::Codec") == 0;
}

// Reading a codec registers its models.
void ReadCodec(TKey &key)
{
   std::unique_ptr<TObject> read(key.ReadObj());
}

ModelPtr FindInKeys(std::uint64_t hash, TFile &file)
{
   R__LOCKGUARD(gROOTMutex);
   // Its own key first, so that what is not needed is not read; but files merged by others may have keys with several.
   const TList &keys = *file.GetListOfKeys();
   auto *own = dynamic_cast<TKey *>(keys.FindObject(Codec::KeyName(hash).c_str()));
   if (own && IsCodec(*own))
      ReadCodec(*own);
   ModelPtr model = FindParsed(hash);
   for (TObject *obj : keys) {
      auto *key = static_cast<TKey *>(obj);
      if (model)
         break;
      if (key == own || !IsCodec(*key))
         continue;
      ReadCodec(*key);
      model = FindParsed(hash);
   }
   return model;
}

} // namespace

ModelPtr RegisterModel(const std::string &bytes)
{
   RbModel *model = nullptr;
   Check(rb_model_load(reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size(), &model));
   return RegisterModel(model);
}

ModelPtr RegisterModel(RbModel *handle)
{
   if (ModelPtr known = FindParsed(rb_model_hash(handle))) {
      rb_model_free(handle);
      return known;
   }
   auto model = std::make_shared<const Model>(handle);
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
   return !model && file ? FindInKeys(hash, *file) : model;
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
