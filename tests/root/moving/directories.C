// Copies the trees of two files fast into folders of one, the second under another name.
#include "../data.h"
#include <TFile.h>
#include <TTree.h>

void directories(std::string first, std::string second, std::string to)
{
   TFile one(first.c_str()), two(second.c_str());
   TFile out(to.c_str(), "RECREATE", "", one.GetCompressionSettings());
   out.mkdir("one")->cd();
   one.Get<TTree>("t")->CloneTree(-1, "fast")->Write();
   out.mkdir("one/two")->cd();
   TTree *copy = two.Get<TTree>("t")->CloneTree(-1, "fast");
   copy->SetName("u");
   copy->Write();
   gSystem->Exit(0);
}
