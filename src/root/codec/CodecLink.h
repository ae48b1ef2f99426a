// The only place where the file operations touch RootBaler::Codec.
#ifndef ROOTBALER_TOOLS_CODECLINK_H
#define ROOTBALER_TOOLS_CODECLINK_H

#include "RootBaler/Codec.h"
#include "RootBaler/Tools.h"

#include <TFile.h>
#include <TTree.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace RootBaler {
namespace Internal {

bool IsCodec(const std::string &className);

/// Takes the codecs out of a tree's UserInfo, so that a copy does not keep promises of its original.
void RemoveCodecs(TTree &tree);

/// What the codecs among the file's keys hold, which are the models of all files that hadd put together.
std::vector<ModelInfo> ModelsOf(TFile &file);

/// Attaches a codec with those models of the plan's files that fit the tree; of those with the hashes `bare` without
/// networks.
void AttachCodec(TTree &tree, const TreePlan &plan, bool group, const std::set<ULong64_t> &bare);

/// Attaches `from`'s codec to a copy of it with some of its branches. With `exact`, for values that are no longer where
/// that codec would put them: none may move at all.
void AttachCodecOf(TTree &from, TTree &tree, bool exact, const std::set<ULong64_t> &bare);

/// Bytes that readers keep of the branches of `from` that help others in `tree`, a copy with a codec.
std::uint64_t ContextBytes(TTree &from, TTree &tree);

/// What a tree promises about its branches: by its codec, or if it has none, by those of its file.
class TreeCodec {
public:
   explicit TreeCodec(TTree &tree);

   /// The bound of a branch; "lossless" in a tree without codec.
   std::string BoundOf(const std::string &branch) const;
   /// The same, as it was asked for.
   std::string RequestOf(const std::string &branch) const;
   bool IsThere() const { return fCodec != nullptr; }
   bool IsGroup() const { return fCodec && fCodec->GetMode() == Codec::kGroup; }
   /// Everything about the codec's models.
   const std::vector<ModelInfo> &Models() const { return fModels; }

private:
   std::shared_ptr<const Codec> fOfKeys;
   const Codec *fCodec;
   std::vector<ModelInfo> fModels;
};

} // namespace Internal
} // namespace RootBaler

#endif
