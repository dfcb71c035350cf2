// A program's own names beside the library's: those that only plans are made of are in laminate::fusion and
// laminate::memory, and a program with short names of its own may open laminate.
#include <laminate/laminate.hpp>

using namespace laminate;

struct step {
  int number = 0;
};
enum class side { left, right };
template<class First, class... Others> struct chain { First first{}; };
struct instruction {
  char const* text = "";
};
struct program {
  instruction first{"stop"};
  chain<instruction, instruction> all{};
};
struct lifetime {
  int begin = 0, end = 1;
};
struct tensor {
  float values[4]{};
};
struct node {
  node const* next = nullptr;
};
using path = char const*;
using operation = int (*)(step);
constexpr int place = 3, code = 4, reduction = 5, planning = 6;
constexpr int work(step s) { return s.number + place; }
constexpr int traffic(lifetime of) { return of.end - of.begin; }
constexpr bool signature(side s) { return s == side::left; }
template<class... T> constexpr int rules = sizeof...(T);

constexpr operation works = work;
static_assert(works(step{1}) == 4 && traffic(lifetime{}) == 1 && signature(side::left) && !signature(side::right));
static_assert(program{}.first.text[0] == 's' && tensor{}.values[0] == 0 && rules<step, tensor> == 2);
static_assert(code + reduction + planning == 15 && node{}.next == nullptr && path{} == nullptr);

// The library's work beside them, and are looked up in it.
using Net = Network<Image<1, 8, 8>, Conv<3, 16>, BN, ReLU, GlobalAvgPool, Dense<2>>;
static_assert(fused_together<Net, 2, 3> && !fused_together<Net, 1, 2>);
static_assert(plan<Net>.steps > 0 && planned<Net, Fused, pass::inference>.steps[0].code.does == fusion::work::convolve);
static_assert(images_together(plan<Net>.infers) == memory::images_together(plan<Net>.infers), "found by its argument");
int infers(Model<Net>& model, std::span<float const> x, std::span<float> y) {
  step const own{static_cast<int>(x.size())};
  model.infer(x, y);
  return work(own);
}
