// Copies a tree without decompressing it; drop: a branch that is left out.
#include "data.h"
#include "packed.h" // ROOT says so if it does not know a class
#include <TFile.h>
#include <TTree.h>

void clone(std::string from, std::string to, std::string drop = "", bool withUserInfo = true,
           std::string name = "t")
{
   TFile in(from.c_str());
   auto *tree = in.Get<TTree>(name.c_str());
   if (!drop.empty())
      tree->SetBranchStatus(drop.c_str(), false);
   TFile out(to.c_str(), "RECREATE");
   TTree *copy = tree->CloneTree(-1, "fast");
   if (!withUserInfo)
      copy->GetUserInfo()->Delete();
   out.Write();
   gSystem->Exit(0);
}
