// A bound as a question about two values.
#ifndef ROOTBALER_TOOLS_TOLERANCE_H
#define ROOTBALER_TOOLS_TOLERANCE_H

#include <string>

namespace RootBaler {
namespace Internal {

/// The promise of one column; parsed from "lossless", "abs=E", "abs=E,dither" or "bits=K".
class Tolerance {
public:
   explicit Tolerance(const std::string &promise);

   bool IsExact() const { return fKind == EKind::kExact; }

   /// The largest allowed |after - before| for this value.
   template <typename T>
   double At(T before) const;

private:
   enum class EKind { kExact, kAbsolute, kBits };
   EKind fKind = EKind::kExact;
   double fAbsolute = 0;
   int fBits = 0;
};

} // namespace Internal
} // namespace RootBaler

#endif
