// A file there and back by the functions for whole files, which work on branches in several threads.
#include "RootBaler/Tools.h"

#include <TSystem.h>

#include <cstdio>
#include <string>

void transcode(const char *in, const char *small, const char *plain, const char *model)
{
   gSystem->Load("libRootBaler");
   RootBaler::CompressOptions options;
   for (const RootBaler::TreeInfo &tree : RootBaler::ListTrees(in))
      options.fTrees.push_back({tree.fPath, {model}});
   RootBaler::Compress(in, small, options);
   RootBaler::Decompress(small, plain);
   RootBaler::VerifyOptions exact;
   exact.fBound = "lossless";
   const bool passed = RootBaler::Verify(in, small).Passed() && RootBaler::Verify(small, plain, exact).Passed();
   std::printf("%s\n", passed ? "there and back" : "something is not as it was");
   gSystem->Exit(passed ? 0 : 1);
}
