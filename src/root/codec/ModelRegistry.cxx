#include "codec/ModelRegistry.h"

#include "support/Check.h"
#include "support/FileId.h"
#include "RootBaler/Codec.h"

#include <TFile.h>
#include <TKey.h>
#include <TROOT.h>
#include <TTree.h>
#include <TVirtualMutex.h>

#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

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

// An open file, and a place in it.
using KeyId = std::pair<std::uint64_t, Long64_t>;

// Keys that were read, and why not where they could not: they have nothing new for who asks again, for each basket.
// Guarded by gROOTMutex.
std::map<KeyId, std::shared_ptr<const Error>> &ReadKeys()
{
   static auto *keys = new std::map<KeyId, std::shared_ptr<const Error>>;
   return *keys;
}

KeyId IdOf(const TKey &key, TFile &file)
{
   return {FileId(file), key.GetSeekKey()};
}

// Reading a codec registers its models.
void ReadCodec(TKey &key, TFile &file)
{
   const KeyId id = IdOf(key, file);
   if (!ReadKeys().emplace(id, nullptr).second)
      return; // or it is being read, and names models that it does not have
   const std::unique_ptr<TObject> read(key.ReadObj());
   const auto *codec = dynamic_cast<const Codec *>(read.get());
   ReadKeys()[id] = codec ? codec->WhyUnreadable()
                          : std::make_shared<const Error>(EStatus::kCorrupt, std::string("file ") + file.GetName() +
                                                                                ": the key " + key.GetName() +
                                                                                " cannot be read");
   if (file.IsWritable())
      ReadKeys().erase(id); // another key may get its place
}

ModelPtr FindInKeys(std::uint64_t hash, TFile &file)
{
   R__LOCKGUARD(gROOTMutex);
   // Its own key first, so that what is not needed is not read; but files merged by others may have keys with several.
   const TList &keys = *file.GetListOfKeys();
   auto *own = dynamic_cast<TKey *>(keys.FindObject(Codec::KeyName(hash).c_str()));
   if (own && IsCodec(*own))
      ReadCodec(*own, file);
   ModelPtr model = FindParsed(hash);
   for (TObject *obj : keys) {
      auto *key = static_cast<TKey *>(obj);
      if (model)
         break;
      if (key == own || !IsCodec(*key))
         continue;
      ReadCodec(*key, file);
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

std::shared_ptr<const Error> WhyNoModels(TTree &tree, TFile *file)
{
   R__LOCKGUARD(gROOTMutex);
   if (const Codec *codec = Codec::Of(&tree))
      if (auto why = codec->WhyUnreadable())
         return why;
   if (file)
      for (TObject *obj : *file->GetListOfKeys()) {
         const auto read = ReadKeys().find(IdOf(*static_cast<TKey *>(obj), *file));
         if (read != ReadKeys().end() && read->second)
            return read->second;
      }
   return nullptr;
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
