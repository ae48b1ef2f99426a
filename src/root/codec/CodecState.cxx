#include "codec/CodecState.h"

#include "support/Check.h"
#include "support/FileId.h"
#include "RootBaler/Codec.h"

#include <TBranch.h>
#include <TFile.h>

namespace RootBaler {
namespace Internal {

CodecState::CodecState(CoreCodec core) : fCore(std::move(core))
{
   for (std::size_t i = 0; i < rb_codec_models(fCore.get()); ++i)
      fModels.push_back(ModelOf(*fCore, i));
}

std::optional<std::pair<ModelPtr, std::size_t>> CodecState::ColumnOf(const std::string &branch) const
{
   std::size_t column = 0;
   const std::int64_t model = rb_codec_column(fCore.get(), branch.c_str(), &column);
   if (model < 0)
      return {};
   return std::make_pair(fModels[static_cast<std::size_t>(model)], column);
}

std::string CodecState::BoundOf(const std::string &branch, const std::string &leaf) const
{
   const std::int64_t rule = rb_codec_rule_of(fCore.get(), branch.c_str(), leaf.c_str());
   const char *bound = "lossless";
   if (rule >= 0)
      Check(rb_codec_rule(fCore.get(), static_cast<std::size_t>(rule), nullptr, &bound, nullptr));
   return bound;
}

std::string CodecState::RequestOf(const std::string &branch) const
{
   const std::int64_t rule = rb_codec_rule_of(fCore.get(), branch.c_str(), nullptr);
   const char *request = "lossless";
   if (rule >= 0)
      Check(rb_codec_rule(fCore.get(), static_cast<std::size_t>(rule), nullptr, nullptr, &request));
   return request;
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
