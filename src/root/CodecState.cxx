#include "CodecState.h"

#include "Check.h"
#include "Message.h"
#include "ModelRegistry.h"
#include "RootBaler/Codec.h"

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

std::string CodecState::BoundOf(const std::string &branch) const
{
   for (std::size_t i = fPatterns.size(); i-- > 0;)
      if (fnmatch(fPatterns[i].c_str(), branch.c_str(), 0) == 0)
         return fSpecs[i];
   return "lossless";
}

ColumnPlan CodecState::Plan(const std::string &branch, RbType type)
{
   std::lock_guard<std::mutex> lock(fMutex);
   auto key = std::make_pair(branch, static_cast<int>(type));
   auto known = fPlans.find(key);
   if (known != fPlans.end())
      return known->second;
   ColumnPlan plan;
   for (const ModelPtr &model : fModels) {
      const std::int64_t column = model->Find(branch, type);
      if (column < 0)
         continue;
      plan.fModel = model;
      plan.fColumn = static_cast<std::size_t>(column);
      break;
   }
   if (!plan.fModel) {
      RbColumn *column = nullptr;
      Check(rb_column_new(type, BoundOf(branch).c_str(), &column));
      plan.fAlone = std::shared_ptr<const RbColumn>(
         column, [](const RbColumn *c) { rb_column_free(const_cast<RbColumn *>(c)); });
   }
   return fPlans.emplace(key, plan).first->second;
}

void CodecState::EnsureKey(const Codec &codec, TFile &file)
{
   {
      std::lock_guard<std::mutex> lock(fMutex);
      if (!fFiles.insert(file.GetUUID().AsString()).second)
         return;
   }
   codec.WriteKey(&file);
}

} // namespace Internal
} // namespace RootBaler
