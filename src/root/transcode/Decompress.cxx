// Back to an ordinary ROOT file for machines without RootBaler.
#include "transcode/CopyFile.h"
#include "RootBaler/Tools.h"

namespace RootBaler {

namespace {
constexpr int kZstd5 = 505;
}

void Decompress(const std::string &in, const std::string &out, const Progress &progress)
{
   Internal::CopyPolicy policy;
   policy.fStage = "decompressing";
   policy.fPrepareTree = [](TTree &source, TTree &copy, const std::string &) {
      copy.SetAutoFlush(Internal::ClusterEntries(source));
      for (TObject *branch : *copy.GetListOfBranches())
         Internal::SetCompression(*static_cast<TBranch *>(branch), kZstd5);
   };
   Internal::CopyFile(in, out, policy, progress);
}

} // namespace RootBaler
