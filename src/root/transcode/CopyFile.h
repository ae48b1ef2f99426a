// A whole ROOT file, copied record by record: folders, keys of all cycles, StreamerInfos, and trees basket by basket.
#ifndef ROOTBALER_TOOLS_COPYFILE_H
#define ROOTBALER_TOOLS_COPYFILE_H

#include "transcode/CopyPolicy.h"
#include "RootBaler/Tools.h"

#include <string>

namespace RootBaler {
namespace Internal {

/// Copies everything in `in` to the new file `out`; throws on the first thing that cannot be copied.
void CopyFile(const std::string &in, const std::string &out, const CopyPolicy &policy, const Progress &progress);

} // namespace Internal
} // namespace RootBaler

#endif
