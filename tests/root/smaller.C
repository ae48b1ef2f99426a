// Branches that follow from others must be smaller in the file that makes use of it.
#include "data.h"
#include <TFile.h>
#include <TTree.h>

void smaller(std::string group, std::string single)
{
   TFile groupFile(group.c_str()), singleFile(single.c_str());
   for (int c = 3; c < kColumns; ++c) {
      auto bytes = [&](TFile &file) { return file.Get<TTree>("t")->GetBranch(Name(c).c_str())->GetZipBytes(); };
      Require(bytes(groupFile) < 0.8 * bytes(singleFile), Name(c) + " gains from the other branches");
   }
   gSystem->Exit(0);
}
