#include "codec/CodecState.h"

#include "support/Check.h"
#include "support/FileId.h"
#include "support/Message.h"
#include "codec/ModelRegistry.h"
#include "RootBaler/Codec.h"

#include <TBranch.h>
#include <TFile.h>

#include <fnmatch.h>

namespace RootBaler {
namespace Internal {

CodecState::CodecState(const Codec &codec, const std::vector<std::string> &patterns,
                       const std::vector<std::string> &specs)
   : fPatterns(patterns), fSpecs(specs)
{
   for (std::size_t i = 0; i < codec.GetNModels(); ++i) {
      try {
         fModels.push_back(RegisterModel(codec.GetModel(i)));
      } catch (const Error &error) { // the bytes may come from any file
         ErrorOnce(std::string("a codec holds a model that cannot be used: ") + error.what());
      }
   }
   fSpecs.resize(fPatterns.size(), "lossless");
}

std::optional<std::pair<ModelPtr, std::size_t>> CodecState::ColumnOf(const std::string &branch) const
{
   for (const ModelPtr &model : fModels) {
      const std::int64_t column = rb_model_find(model->Get(), branch.c_str());
      if (column >= 0)
         return std::make_pair(model, static_cast<std::size_t>(column));
   }
   return {};
}

std::optional<std::size_t> CodecState::RuleOf(const std::string &branch, const std::string &leaf) const
{
   const std::string full = branch + "." + leaf;
   auto matches = [](const std::string &pattern, const std::string &name) {
      return pattern == name || fnmatch(pattern.c_str(), name.c_str(), 0) == 0; // names may have brackets
   };
   for (std::size_t i = fPatterns.size(); i-- > 0;)
      if (matches(fPatterns[i], branch) || (!leaf.empty() && matches(fPatterns[i], full)))
         return i;
   return {};
}

std::string CodecState::BoundOf(const std::string &branch, const std::string &leaf) const
{
   const auto rule = RuleOf(branch, leaf);
   return rule ? fSpecs[*rule] : "lossless";
}

BranchPlan CodecState::Plan(TBranch &branch, const BasketLayout &layout)
{
   const std::string name = branch.GetName();
   const auto type = ColumnType(branch);
   const bool isJagged = IsJagged(branch);
   std::string key = name + (isJagged ? "[" : "");
   for (const LeafLayout &leaf : layout.fLeaves)
      key += "/" + leaf.fName + ":" + std::to_string(leaf.fType);
   std::lock_guard<std::mutex> lock(fMutex);
   auto known = fPlans.find(key);
   if (known != fPlans.end())
      return known->second;
   BranchPlan plan;
   for (const ModelPtr &model : fModels) {
      const std::int64_t column = type && model->IsJagged() == isJagged ? model->Find(name, *type) : -1;
      if (column < 0)
         continue;
      plan.fModel = model;
      plan.fColumn = static_cast<std::size_t>(column);
      return fPlans.emplace(key, plan).first->second;
   }
   for (const LeafLayout &leaf : layout.fLeaves) {
      RbColumn *column = nullptr;
      Check(rb_column_new(leaf.fType, BoundOf(name, layout.fLeaves.size() > 1 ? leaf.fName : "").c_str(), &column));
      plan.fLeaves.emplace_back(column, [](const RbColumn *c) { rb_column_free(const_cast<RbColumn *>(c)); });
   }
   return fPlans.emplace(key, plan).first->second;
}

std::size_t CodecState::Saving(const Model &model)
{
   std::lock_guard<std::mutex> lock(fMutex);
   return fSavings[model.Hash()];
}

void CodecState::AddSaving(const Model &model, std::size_t bytes)
{
   std::lock_guard<std::mutex> lock(fMutex);
   fSavings[model.Hash()] += bytes;
}

void CodecState::EnsureKey(const Codec &codec, TFile &file)
{
   {
      std::lock_guard<std::mutex> lock(fMutex);
      if (!fFiles.insert(FileId(file)).second)
         return;
   }
   codec.WriteKey(&file);
}

} // namespace Internal
} // namespace RootBaler
