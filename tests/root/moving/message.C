// Reads c0 (one of our baskets) and number as any macro would, in a process that does not have the plugin.
#include <TFile.h>
#include <TTree.h>

void message(std::string path)
{
   TFile file(path.c_str());
   auto *tree = file.Get<TTree>("t");
   float c0 = 12345;
   int number = 0;
   tree->SetBranchAddress("c0", &c0);
   tree->SetBranchAddress("number", &number);
   const int read = tree->GetBranch("c0")->GetEntry(0);
   const int others = tree->GetBranch("number")->GetEntry(77);
   std::printf("c0: %d, %g; number: %d, %d\n", read, c0, others, number);
}
