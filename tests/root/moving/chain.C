// TChain::Merge: baskets of two files are copied as they are, one file after the other.
#include "../data.h"
#include <TChain.h>

void chain(std::string to, std::string first, std::string second)
{
   TChain files("t");
   files.Add(first.c_str());
   files.Add(second.c_str());
   Require(files.Merge(to.c_str(), "fast") > 0, "the chain is merged");
   gSystem->Exit(0);
}
