// oneDNN's convolutions: directly and by Winograd, each primitive in the layouts it asks for, which are not counted; in
// large pages where ours are.
#include <omp.h>
#include <laminate/support/aligned_buffer.hpp>

#include <dnnl.hpp>
#include <memory>
#include <unordered_map>
#include <vector>

#include "peer.hpp"

namespace {

using dnnl::memory;
using laminate::direction;

/// A primitive and its arguments; what it computes is argument `computed`, whose plain layout is `plain`.
struct ready {
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream{engine};
  dnnl::primitive primitive;
  std::vector<laminate::aligned_buffer<char>> buffers;
  std::unordered_map<int, memory> arguments;
  int computed = 0;
  memory::desc plain;

  memory hold(memory::desc const& what) {
    buffers.emplace_back(what.get_size());
    return {what, engine, buffers.back().data()};
  }
  void take(int argument, memory::desc const& from, std::vector<float> const& values, memory::desc const& to) {
    memory given(from, engine, const_cast<float*>(values.data())), wanted = hold(to);
    dnnl::reorder(given, wanted).execute(stream, given, wanted);
    stream.wait();
    arguments[argument] = wanted;
  }
  void give(int argument, memory::desc const& where, memory::desc const& as) {
    arguments[argument] = hold(where);
    computed = argument, plain = as;
  }
  void run() { primitive.execute(stream, arguments), stream.wait(); }

  std::vector<float> result() {
    std::vector<float> values(plain.get_size() / sizeof(float));
    memory to(plain, engine, values.data());
    dnnl::reorder(arguments[computed], to).execute(stream, arguments[computed], to);
    stream.wait();
    return values;
  }
};

memory::desc layout(memory::dims const& sizes, memory::format_tag tag) { return {sizes, memory::data_type::f32, tag}; }

/// Throws dnnl::error where oneDNN cannot do it.
std::shared_ptr<ready> prepare(bench::convolution_data const& of, direction way, dnnl::algorithm by) {
  using tag = memory::format_tag;
  laminate::sliding const& g = of.g;
  int const k = g.how.kernel, groups = g.how.groups;
  memory::dims const x{of.batch, g.in.channels, g.in.height, g.in.width};
  memory::dims const z{of.batch, g.out.channels, g.out.height, g.out.width};
  memory::dims w{g.out.channels, g.in.channels, k, k};
  if (groups > 1) w = {groups, g.out.channels / groups, g.in.channels / groups, k, k};
  memory::dims const stride{g.how.stride, g.how.stride}, before{g.how.padding, g.how.padding};
  memory::dims const after{(g.out.height - 1) * g.how.stride + k - g.in.height - g.how.padding,
                           (g.out.width - 1) * g.how.stride + k - g.in.width - g.how.padding};
  auto const any_x = layout(x, tag::any), any_z = layout(z, tag::any), any_w = layout(w, tag::any);
  auto const plain_x = layout(x, tag::nchw), plain_z = layout(z, tag::nchw);
  auto const plain_w = layout(w, groups > 1 ? tag::goihw : tag::oihw);

  auto made = std::make_shared<ready>();
  dnnl::convolution_forward::primitive_desc const forward(
      {dnnl::prop_kind::forward_training, by, any_x, any_w, any_z, stride, before, after}, made->engine);
  if (way == direction::forward) {
    made->primitive = dnnl::convolution_forward(forward);
    made->take(DNNL_ARG_SRC, plain_x, of.x, forward.src_desc());
    made->take(DNNL_ARG_WEIGHTS, plain_w, of.w, forward.weights_desc());
    made->give(DNNL_ARG_DST, forward.dst_desc(), plain_z);
  } else if (way == direction::data_gradient) {
    dnnl::convolution_backward_data::primitive_desc const back({by, any_x, any_w, any_z, stride, before, after},
                                                               made->engine, forward);
    made->primitive = dnnl::convolution_backward_data(back);
    made->take(DNNL_ARG_DIFF_DST, plain_z, of.dz, back.diff_dst_desc());
    made->take(DNNL_ARG_WEIGHTS, plain_w, of.w, back.weights_desc());
    made->give(DNNL_ARG_DIFF_SRC, back.diff_src_desc(), plain_x);
  } else {
    dnnl::convolution_backward_weights::primitive_desc const back({by, any_x, any_w, any_z, stride, before, after},
                                                                  made->engine, forward);
    made->primitive = dnnl::convolution_backward_weights(back);
    made->take(DNNL_ARG_SRC, plain_x, of.x, back.src_desc());
    made->take(DNNL_ARG_DIFF_DST, plain_z, of.dz, back.diff_dst_desc());
    made->give(DNNL_ARG_DIFF_WEIGHTS, back.diff_weights_desc(), plain_w);
  }
  return made;
}

}  // namespace

std::vector<bench::convolution_peer> bench::convolution_peers(convolution_data const& of, direction way) {
  omp_set_num_threads(1);  // oneDNN would take all
  std::vector<convolution_peer> found;
  auto const add = [&](char const* name, dnnl::algorithm by) {
    try {
      auto const made = prepare(of, way, by);
      found.push_back({name, [made] { made->run(); }, [made] { return made->result(); }});
    } catch (dnnl::error const&) {
      // it has no such primitive for this processor and these sizes
    }
  };
  add("oneDNN", dnnl::algorithm::convolution_direct);
  add("oneDNN Winograd", dnnl::algorithm::convolution_winograd);
  return found;
}

bool bench::has_convolution_peers() { return true; }
