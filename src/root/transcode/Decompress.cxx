// Back to an ordinary ROOT file for machines without RootBaler.
#include "transcode/CopyFile.h"
#include "transcode/CopyTree.h"
#include "RootBaler/Tools.h"

namespace RootBaler {

namespace {
constexpr int kZstd5 = 505;
}

void Decompress(const std::string &in, const std::string &out, const Progress &progress)
{
   Internal::CopyPolicy policy;
   policy.fStage = "decompressing";
   policy.fSetting = kZstd5;
   policy.fPrepareTree = [](TTree &, TTree &copy, const std::string &) {
      for (TObject *branch : *copy.GetListOfBranches())
         Internal::MakeOrdinary(*static_cast<TBranch *>(branch));
   };
   Internal::CopyFile(in, out, policy, progress);
}

} // namespace RootBaler
