// What a model says about itself, in plain C++ types.
#ifndef ROOTBALER_TOOLS_MODELS_H
#define ROOTBALER_TOOLS_MODELS_H

#include "CoreCall.h"

namespace RootBaler {
namespace Internal {

/// A model's content hash as it is shown to people.
std::string HashText(std::uint64_t hash);
ModelInfo InfoOf(const RbModel &model);

} // namespace Internal
} // namespace RootBaler

#endif
