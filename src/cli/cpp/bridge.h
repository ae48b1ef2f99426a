// What the Rust side of the command line calls; see src/bridge/ffi.rs.
#ifndef ROOTBALER_CLI_BRIDGE_H
#define ROOTBALER_CLI_BRIDGE_H

#include "RootBaler/Error.h"

#include "rust/cxx.h"

#include <string>

namespace rust {
namespace behavior {

/// cxx hands on only a text: an error's code travels in front of it, as "code|message".
template <typename Try, typename Fail>
static void trycatch(Try &&function, Fail &&fail) noexcept
try {
   function();
} catch (const RootBaler::Error &error) {
   fail(std::to_string(static_cast<int>(error.Status())) + "|" + error.what());
} catch (const std::exception &error) {
   fail(std::to_string(static_cast<int>(RootBaler::EStatus::kInternal)) + "|" + error.what());
} catch (...) {
   fail(std::to_string(static_cast<int>(RootBaler::EStatus::kInternal)) + "|unknown C++ exception");
}

} // namespace behavior
} // namespace rust

namespace rootbaler_cli {

struct TreeInfo;
struct TreeSigmas;
struct SampleRequest;
struct SampleInfo;
struct SampleOrder;
struct ModelInfo;
struct CompressOptions;
struct TreeBranches;
struct VerifyOptions;
struct VerifyReport;
struct FileDetails;
struct ProgressSink;

rust::Vec<TreeInfo> list_trees(rust::Str file);
rust::Vec<TreeSigmas> measure_sigmas(rust::Slice<const rust::String> files, rust::Slice<const TreeBranches> leaves,
                                     const ProgressSink &progress);
rust::Vec<SampleInfo> take_samples(rust::Slice<const SampleOrder> orders, const ProgressSink &progress);
rust::Vec<ModelInfo> describe_models(rust::Str path);
void join_models(rust::Slice<const rust::String> paths, rust::Str out);
void check_input(rust::Str file);
rust::Vec<rust::String> compress(rust::Str input, rust::Str output, const CompressOptions &options,
                                 const ProgressSink &progress);
void decompress(rust::Str input, rust::Str output, const ProgressSink &progress);
VerifyReport verify(rust::Str original, rust::Str compressed, const VerifyOptions &options,
                    const ProgressSink &progress);
VerifyReport repack(rust::Str input, rust::Str output, rust::Slice<const TreeBranches> kept,
                    const ProgressSink &progress);
FileDetails inspect(rust::Str file);

} // namespace rootbaler_cli

#endif
