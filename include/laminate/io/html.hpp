// to_html<Net>(): the network, its plan and its memory over time as a page that needs nothing but a browser.
#pragma once

#include <laminate/io/atomic_file.hpp>
#include <laminate/io/html/page.hpp>
#include <laminate/support/type_name.hpp>

namespace laminate {

/// A self-contained HTML page: every layer with its shape, parameters and multiply-adds, boxes for blocks; every step
/// of inference and training with what runs on its sides and why; the arenas over time, a rectangle for each tensor.
/// What belongs together lights up together. Bytes are float's and of one sample; weights are not counted. It loads
/// nothing, and opens from a file. `title` is text.
template<class Net, class Policy = Fused> std::string to_html(std::string const& title = "A network") {
  constexpr bool is_planned = requires { typename Policy::rules; };
  static_assert(is_planned, "Reference has no plan to draw");
  if constexpr (is_accepted<Net> && is_planned) {
    looking::table const rows = looking::list_layers<Net>();
    auto const shown = [&](planned_pass const& p, char const* name) { return looking::shown_pass{{p}, name, rows}; };
    return looking::page{.title = title,
                         .network = full_type_name<Net>(),
                         .policy = full_type_name<Policy>(),
                         .numbers = plan<Net, Policy>,
                         .unfused = plan<Net, Unfused>,
                         .passes = {shown(planned<Net, Policy, pass::training>, "training"),
                                    shown(planned<Net, Policy, pass::inference>, "inference")},
                         .unfused_passes = {shown(planned<Net, Unfused, pass::training>, "training"),
                                            shown(planned<Net, Unfused, pass::inference>, "inference")}}
        .draw();
  } else {
    return {};
  }
}

/// Writes it to a file, whole or not at all. Throws `error`, which names the file, where that fails.
template<class Net, class Policy = Fused>
void save_html(std::filesystem::path const& path, std::string const& title = "A network") {
  write_atomically(path, to_html<Net, Policy>(title));
}

}  // namespace laminate
