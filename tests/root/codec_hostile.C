// Changes the codecs among the keys of a file: `length`, their vector claims 2 GB; `version`, they are of a class of
// another version. Those of the trees stay as they are.
#include "data.h"
#include "packed.h"
#include <TFile.h>
#include <TKey.h>
#include <TTree.h>

#include <fstream>
#include <iterator>

void codec_hostile(std::string from, std::string to, std::string how)
{
   std::vector<Long64_t> objects;
   {
      TFile in(from.c_str());
      TFile out(to.c_str(), "RECREATE", "", 0); // so that the bytes can be found
      in.Get<TTree>("t")->CloneTree(-1, "fast");
      out.Write();
      for (TObject *object : *out.GetListOfKeys()) {
         auto *key = static_cast<TKey *>(object);
         if (std::string(key->GetClassName()) == "RootBaler::Codec")
            objects.push_back(key->GetSeekKey() + key->GetKeylen());
      }
   }
   Require(!objects.empty(), "there are codecs among the keys");
   std::ifstream file(to, std::ios::binary);
   std::string bytes((std::istreambuf_iterator<char>(file)), {});
   for (const Long64_t object : objects) {
      if (how == "version")
         bytes.replace(object + 4, 2, std::string("\0\5", 2));
      else
         bytes.replace(bytes.find("RBCODEC", object) - 4, 4, "\x7f\xff\xff\xff");
   }
   std::ofstream(to, std::ios::binary) << bytes;
   gSystem->Exit(0);
}
