// Back to an ordinary ROOT file for machines without RootBaler.
#include "transcode/CopyFile.h"
#include "transcode/CopyTree.h"
#include "RootBaler/Tools.h"

namespace RootBaler {

void Decompress(const std::string &in, const std::string &out, const Progress &progress)
{
   Internal::CopyPolicy policy;
   policy.fStage = "decompressing";
   policy.fSetting = Internal::kOrdinarySetting;
   policy.fPrepareTree = [](TTree &, TTree &copy, const std::string &) { Internal::MakeOrdinary(copy); };
   Internal::CopyFile(in, out, policy, progress);
}

} // namespace RootBaler
