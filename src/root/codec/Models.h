// What a model says about itself, in plain C++ types.
#ifndef ROOTBALER_TOOLS_MODELS_H
#define ROOTBALER_TOOLS_MODELS_H

#include "codec/Model.h"
#include "RootBaler/Tools.h"

namespace RootBaler {
namespace Internal {

ModelInfo InfoOf(const Model &model);

} // namespace Internal
} // namespace RootBaler

#endif
