// A copy without the model of its baskets can be read once the model is in the process.
#include "../data.h"
#include <TFile.h>
#include <TTree.h>

void lost_model(std::string copy, std::string original)
{
   auto read = [](const std::string &path) {
      TFile file(path.c_str());
      float c4 = 12345;
      TBranch *branch = file.Get<TTree>("t")->GetBranch("c4");
      branch->SetAddress(&c4);
      if (branch->GetEntry(5) < 0) {
         Require(c4 == 12345, "an entry that cannot be read changes nothing");
         return false;
      }
      RequireClose(c4, 4, 5, path);
      return true;
   };
   Require(!read(copy), "the model is not in the file");
   Require(read(original), "the original can be read");
   Require(read(copy), "the copy can be read with the model of the original");
   gSystem->Exit(0);
}
