// Records (keys with their objects, baskets) that go from file to file as they are.
#ifndef ROOTBALER_RECORDCOPY_H
#define ROOTBALER_RECORDCOPY_H

#include <TDirectory.h>
#include <TFile.h>
#include <TKey.h>

#include <string>
#include <vector>

namespace RootBaler {
namespace Internal {

/// The same content compressed by ROOT's zstd, if that is smaller; else `record` itself.
std::vector<char> Smaller(std::vector<char> record);

/// Where a record was written.
struct Place {
   Long64_t fPos = 0;
   Int_t fBytes = 0;
};
/// Writes a record for a directory of the output; its bytes change where they say places alone.
Place WriteRecord(std::vector<char> record, TDirectory &to, const std::string &what);

/// Copies a key and its object: name, title, cycle, date and bytes.
void CopyKey(TKey &key, TFile &from, TDirectory &to);

} // namespace Internal
} // namespace RootBaler

#endif
