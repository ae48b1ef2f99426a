// What tells a file from all others, also from a later one with the same name. TUUID::AsString() is not for threads.
#ifndef ROOTBALER_FILEID_H
#define ROOTBALER_FILEID_H

#include <TFile.h>
#include <TUUID.h>

#include <string>

namespace RootBaler {
namespace Internal {

inline std::string FileId(const TFile &file)
{
   UChar_t uuid[16];
   file.GetUUID().GetUUID(uuid);
   return std::string(reinterpret_cast<const char *>(uuid), sizeof uuid);
}

} // namespace Internal
} // namespace RootBaler

#endif
