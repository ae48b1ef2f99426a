// Codecs for the trees that RDataFrame's Snapshot is going to make, out of our sight.
#ifndef ROOTBALER_SNAPSHOTCODECS_H
#define ROOTBALER_SNAPSHOTCODECS_H

#include <memory>

class TTree;

namespace RootBaler {

class Codec;

namespace Internal {

/// The codec that a Snapshot into the file of `tree` was given for it, or null.
std::shared_ptr<const Codec> SnapshotCodecOf(TTree &tree);

} // namespace Internal
} // namespace RootBaler

#endif
