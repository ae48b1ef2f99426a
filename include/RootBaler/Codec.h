// What a tree needs to be written and read with RootBaler: models, bounds per branch, and the mode.
#ifndef ROOTBALER_CODEC_H
#define ROOTBALER_CODEC_H

#include "RootBaler/Error.h"
#include "RootBaler/Setting.h"

#include <TNamed.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

class TCollection;
class TDirectory;
class TFile;
class TTree;

struct RbCodec;

namespace RootBaler {

namespace Internal {
class CodecState;
}

/// Models and bounds of a tree. Attach() it, set the compression of the branches to Setting(level), Fill() as always.
/// It travels in the tree's UserInfo; its models are keys of the file, each once, and are needed to read what was
/// written with mode kGroup. A file that holds a codec loads the plugin when it is opened.
/// Functions that take input throw RootBaler::Error.
class Codec : public TNamed {
public:
   /// Whether a branch is coded with the help of other branches.
   enum EMode {
      kGroup = 0, ///< with the help of the branches before it in the model: small
      kSingle = 1 ///< every branch stands alone: reading a branch reads no other
   };

   /// Without models and bounds: every branch is lossless.
   Codec();
   Codec(const Codec &other);
   Codec &operator=(const Codec &other);
   ~Codec() override;

   static Codec FromModelFile(const std::string &path);

   void AddModelFile(const std::string &path);
   /// Adds the serialised bytes of a model; one that is here already is not added twice.
   void AddModel(const std::string &bytes);

   /// The bound of branches outside the models: "lossless", "abs=E" or "bits=K". `pattern` is a branch name or a
   /// pattern such as "jet*_pt"; of several that match, the one set last counts. ("rel-sigma=R" needs a model.)
   /// "abs=E,dither" spreads values inside the bound, so that fine histograms show no comb. `request` is what it was
   /// resolved from, such as "rel-sigma=1e-3", for those who ask later.
   void SetBound(const std::string &pattern, const std::string &bound, const std::string &request = "");

   void SetMode(EMode mode);
   void SetMode(const std::string &mode); ///< "group" or "single"
   EMode GetMode() const;

   /// Gives a copy to the tree (in place of one it has) and to its file, if it is writable. Do it before the first
   /// Fill().
   void Attach(TTree *tree) const;
   /// The codec attached to `tree`, or nullptr.
   static Codec *Of(TTree *tree);
   /// The same bounds, for a copy of the tree with only these branches: without networks that can help none of them.
   Codec ForBranches(const std::vector<std::string> &names) const;
   /// The same bounds without the networks of the models with these hashes.
   Codec WithoutNetworks(const std::set<ULong64_t> &hashes) const;

   /// Writes what readers need to the top of the file of `directory`, unless it is there: each model under its
   /// KeyName(), or, where none is needed, an empty codec that makes ROOT load the plugin.
   void WriteKey(TDirectory *directory) const;
   /// "RootBalerCodec_<16 hex digits>"; hash 0 is the empty codec.
   static std::string KeyName(ULong64_t modelHash);

   std::size_t GetNModels() const;
   /// Serialised bytes of model `i`.
   std::string GetModel(std::size_t i) const;
   /// True if it holds the model with this content hash.
   bool HasModel(ULong64_t hash) const;
   /// The bound the branch `name` is written with, e.g. "abs=0.01".
   std::string GetBound(const std::string &name) const;
   /// The bound as it was asked for, e.g. "rel-sigma=1e-3".
   std::string GetRequest(const std::string &name) const;

   /// Unites models and bounds; called by hadd for keys of the same name.
   Long64_t Merge(TCollection *others);
   void Print(Option_t *option = "") const override;

   /// Why it is empty: it was stored, and could not be read (damaged, or of another version). nullptr: it is as it was.
   std::shared_ptr<const RootBaler::Error> WhyUnreadable() const { return fWhyUnreadable; }

   /// True in a copy of a tree, as CloneTree() and hadd make them: nobody has attached it.
   bool CameAlong() const { return fCameAlong; }

   /// Parsed models and what is remembered while writing; not for users.
   Internal::CodecState &State() const;

private:
   Codec With(RbCodec *core) const;
   void Changed();
   void Unite(const Codec &other);
   void FetchModels(TFile *file);
   void Read(TBuffer &buffer, TFile *file);
   void Store();

   std::vector<char> fBytes; ///< what is stored: as the core writes it (docs/FORMAT.md)

   // These are not stored. ROOT takes a comment that begins with //!< for a description, and stores the member.
   std::shared_ptr<RbCodec> fCore; //! never null
   bool fIsKey = false; //! keeps its models when it is written to a file
   bool fCameAlong = false; //! with a copy of a tree: nobody attached it
   mutable std::shared_ptr<Internal::CodecState> fState; //!
   std::shared_ptr<const RootBaler::Error> fWhyUnreadable; //!

   ClassDefOverride(Codec, 4);
};

} // namespace RootBaler

#endif
