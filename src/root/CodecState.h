// What a Codec keeps in memory only: parsed models, the way each branch is coded, and the history of writing.
#ifndef ROOTBALER_CODECSTATE_H
#define ROOTBALER_CODECSTATE_H

#include "Model.h"
#include "write/WriteHistory.h"

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

class TFile;

namespace RootBaler {

class Codec;

namespace Internal {

/// How a branch is coded: as a column of a model, or alone with a bound.
struct ColumnPlan {
   ModelPtr fModel;                          ///< null: alone
   std::size_t fColumn = 0;                  ///< in the model
   std::shared_ptr<const RbColumn> fAlone;   ///< if there is no model
};

class CodecState {
public:
   CodecState(const Codec &codec, const std::vector<std::string> &patterns, const std::vector<std::string> &specs);

   const std::vector<ModelPtr> &Models() const { return fModels; }
   /// The first model with such a column, else the bound of the last matching pattern, else lossless.
   ColumnPlan Plan(const std::string &branch, RbType type);
   /// The bound outside of models.
   std::string BoundOf(const std::string &branch) const;
   WriteHistory &History() { return fHistory; }
   /// Writes the codec's key once into each file that baskets go to.
   void EnsureKey(const Codec &codec, TFile &file);

private:
   std::vector<ModelPtr> fModels;
   std::vector<std::string> fPatterns;
   std::vector<std::string> fSpecs;
   std::mutex fMutex; // guards fPlans and fFiles
   std::map<std::pair<std::string, int>, ColumnPlan> fPlans;
   std::set<std::string> fFiles;
   WriteHistory fHistory;
};

} // namespace Internal
} // namespace RootBaler

#endif
