// What a Codec keeps in memory only: parsed models, the way each branch is coded, and the history of writing.
#ifndef ROOTBALER_CODECSTATE_H
#define ROOTBALER_CODECSTATE_H

#include "basket/BasketLayout.h"
#include "codec/CoreCodec.h"
#include "codec/Model.h"
#include "tree/WriteHistory.h"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

class TFile;

namespace RootBaler {

class Codec;

namespace Internal {

/// How a branch is coded: as a column of a model, or alone with a bound for each leaf.
struct BranchPlan {
   ModelPtr fModel;                                      ///< null: alone
   std::size_t fColumn = 0;                              ///< in the model
   std::vector<std::shared_ptr<const RbColumn>> fLeaves; ///< if there is no model
};

class CodecState {
public:
   explicit CodecState(CoreCodec core);

   const std::vector<ModelPtr> &Models() const { return fModels; }
   /// The first model with such a column, else the bound of the last matching pattern, else lossless.
   BranchPlan Plan(TBranch &branch, const BasketLayout &layout);
   /// The first model with a column of that name, and the column.
   std::optional<std::pair<ModelPtr, std::size_t>> ColumnOf(const std::string &branch) const;
   /// The bound outside of models that counts for a branch, or for a leaf of a leaf list; "lossless" where there is none.
   std::string BoundOf(const std::string &branch, const std::string &leaf = "") const;
   /// The same as it was asked for.
   std::string RequestOf(const std::string &branch) const;
   WriteHistory &History() { return fHistory; }
   /// About how many bytes blocks which need the model saved.
   std::size_t Saving(const Model &model);
   void AddSaving(const Model &model, std::size_t bytes);
   /// Writes the codec's key once into each file that baskets go to.
   void EnsureKey(const Codec &codec, TFile &file);

private:
   const CoreCodec fCore; // never changed
   std::vector<ModelPtr> fModels;
   std::mutex fMutex; // guards what follows
   std::map<std::string, BranchPlan> fPlans; // by branch, and type of its leaves
   std::set<std::string> fFiles;
   std::map<std::uint64_t, std::size_t> fSavings; // by hash of the model
   WriteHistory fHistory;
};

} // namespace Internal
} // namespace RootBaler

#endif
