#include "verify/Tolerance.h"

#include "RootBaler/Error.h"

#include <cmath>
#include <cstdlib>

namespace RootBaler {
namespace Internal {

namespace {

bool TakePrefix(const std::string &spec, const std::string &prefix, double &value)
{
   if (spec.compare(0, prefix.size(), prefix) != 0)
      return false;
   char *end = nullptr;
   value = std::strtod(spec.c_str() + prefix.size(), &end);
   return end && *end == '\0' && end != spec.c_str() + prefix.size();
}

} // namespace

Tolerance::Tolerance(const std::string &promise)
{
   // A dithered value keeps the same bound.
   const std::string dither = ",dither";
   const auto comma = promise.find(dither);
   const bool isDithered = comma != std::string::npos && comma + dither.size() == promise.size();
   const std::string spec = isDithered ? promise.substr(0, comma) : promise;
   double value = 0;
   if (spec == "lossless") {
      fKind = EKind::kExact;
   } else if (TakePrefix(spec, "abs=", value) && std::isfinite(value) && value > 0) {
      fKind = EKind::kAbsolute;
      fAbsolute = value;
   } else if (TakePrefix(spec, "bits=", value) && value >= 0 && value <= 52) {
      fKind = EKind::kBits;
      fBits = static_cast<int>(value);
   } else {
      throw Error(EStatus::kIncompatible, "the file promises the bound '" + promise +
                                             "', which this version of RootBaler does not know: use a newer one");
   }
}

template <typename T>
double Tolerance::At(T before) const
{
   if (fKind == EKind::kExact)
      return 0;
   if (fKind == EKind::kAbsolute)
      return fAbsolute;
   return std::ldexp(std::fabs(static_cast<double>(before)), -(fBits + 1));
}

template double Tolerance::At<float>(float) const;
template double Tolerance::At<double>(double) const;

} // namespace Internal
} // namespace RootBaler
