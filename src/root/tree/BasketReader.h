// Decodes baskets while ROOT reads them.
#ifndef ROOTBALER_BASKETREADER_H
#define ROOTBALER_BASKETREADER_H

#include "RootBaler/Error.h"

#include <string>

namespace RootBaler {
namespace Internal {

struct ReadContext;

/// Decodes one of our blocks. Throws if it cannot be decoded.
void DecodeBasket(const ReadContext &context, const unsigned char *block, int size, unsigned char *tgt, int rawSize);

/// Says once which basket cannot be read, and why; nothing if it is not known, as it will be read again then.
/// `context` is null for a block outside of baskets.
void ReportUnreadable(const ReadContext *context, const std::string &why, EStatus status);

} // namespace Internal
} // namespace RootBaler

#endif
