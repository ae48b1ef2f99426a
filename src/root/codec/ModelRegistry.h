// The models that this process has met, by content hash. The core parses each once; here they are held.
#ifndef ROOTBALER_MODELREGISTRY_H
#define ROOTBALER_MODELREGISTRY_H

#include "codec/Model.h"

#include "RootBaler/Error.h"

#include <memory>
#include <vector>

namespace RootBaler {
namespace Internal {

/// Parses `bytes`, or finds the model with the same content. Throws Error.
ModelPtr RegisterModel(const std::string &bytes);
/// Takes a handle over.
ModelPtr RegisterModel(RbModel *model);

/// The model with this hash among those of the process, else of the tree's codec, else of the codec keys of the file.
/// Null if it is nowhere.
ModelPtr FindModel(std::uint64_t hash, TTree *tree, TFile *file);

/// Why a codec of the tree, or one of the file's keys that FindModel() looked at, could not be read. Null if all could.
std::shared_ptr<const Error> WhyNoModels(TTree &tree, TFile *file);

/// All models of the process.
std::vector<ModelPtr> KnownModels();

} // namespace Internal
} // namespace RootBaler

#endif
