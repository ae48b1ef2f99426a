// Records of any kind (objects, baskets) as bytes: read whole, and without compression.
#ifndef ROOTBALER_PLAINRECORD_H
#define ROOTBALER_PLAINRECORD_H

#include <TFile.h>

#include <cstddef>
#include <string>
#include <vector>

namespace RootBaler {
namespace Internal {

/// Where the places (of the record itself, of its directory) are in a record.
constexpr std::size_t kPlacesAt = 18;
/// Whether they have eight bytes each, not four.
bool HasLongPlaces(const std::vector<char> &record);

/// The bytes of a record of `length` bytes at `pos`, which `what` names in errors: I/O, or corrupt if there is none.
std::vector<char> ReadWhole(TFile &file, Long64_t pos, Int_t length, const std::string &what);

/// The object of a sound record before compression; nothing if ROOT cannot decompress it, or it is a basket of ours.
std::vector<char> PlainRecord(const std::vector<char> &record);

} // namespace Internal
} // namespace RootBaler

#endif
