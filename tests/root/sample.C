// Samples c0 .. c5 of a test tree, with the bound of the tests.
#include "data.h"
#include <RootBaler/Tools.h>

void sample(std::string from, std::string to)
{
   RootBaler::SampleRequest request;
   request.fFile = from;
   request.fTrees = {"t"};
   for (int c = 0; c < kColumns; ++c)
      request.fColumns.push_back({Name(c), "abs=" + std::to_string(kBound)});
   Require(RootBaler::WriteSample(request, to) == kEntries, "all rows are sampled");
   gSystem->Exit(0);
}
