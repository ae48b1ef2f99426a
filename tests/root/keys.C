// Each model is in a file once: as a key, not with the trees. `models`: how many. Single mode stores none. `other`: the
// same tree written with bounds only.
#include "data.h"
#include "packed.h"
#include <RootBaler/Codec.h>
#include <TFile.h>
#include <TKey.h>
#include <TStreamerInfo.h>
#include <TTree.h>

void keys(std::string path, std::string name, int models, std::string other)
{
   TFile file(path.c_str());
   int found = 0;
   for (TObject *obj : *file.GetListOfKeys()) {
      auto *key = static_cast<TKey *>(obj);
      if (std::string(key->GetClassName()) != "RootBaler::Codec")
         continue;
      std::unique_ptr<RootBaler::Codec> codec(key->ReadObject<RootBaler::Codec>());
      found += codec->GetNModels();
      Require(codec->GetNModels() <= 1, "a key has one model");
   }
   Require(found == models, "the file has " + std::to_string(found) + " models");
   auto *tree = file.Get<TTree>(name.c_str());
   auto *codec = RootBaler::Codec::Of(tree);
   Require(codec, "the tree has a codec");
   auto *info = codec->IsA()->GetStreamerInfo();
   Require(info->GetElements()->GetEntriesFast() == 2 && info->GetElements()->FindObject("TNamed") &&
              info->GetElements()->FindObject("fBytes"),
           "a TNamed and the core's bytes are all that is stored of a codec");
   Require(models == 0 || codec->GetNModels() == std::size_t(models), "the tree's codec finds the models");
   Require(codec->GetBound("Jet_pt").rfind("abs=", 0) == 0 && codec->GetBound("f").rfind("abs=", 0) == 0,
           "the bounds are known");
   TFile otherFile(other.c_str());
   Require(file.GetKey(name.c_str())->GetObjlen() < otherFile.GetKey(name.c_str())->GetObjlen() + 500,
           "the tree is stored without models, as in a file that has none");
   gSystem->Exit(0);
}
