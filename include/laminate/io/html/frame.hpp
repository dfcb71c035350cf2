// What every page says: its head, and how to read it.
#pragma once

#include <string_view>

namespace laminate::looking {

/// Whatever a page says, it may load nothing.
inline constexpr std::string_view page_head = R"html(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
)html";

inline constexpr std::string_view page_legend = R"html(<details open="open"><summary>How to read this</summary>
<dl class="legend">
<div><dt><i class="sample" style="--h:250"></i></dt>
<dd>layers of one step share its colour and its number; so do the tensors it makes</dd></div>
<div><dt><i class="sample gradient" style="--h:250"></i></dt>
<dd>a gradient, in the colour of the forward step it belongs to</dd></div>
<div><dt><i class="sample" style="--c:0"></i></dt>
<dd>given by the caller: the input, and the loss's gradient</dd></div>
<div><dt>Σ</dt><dd>sums per channel for a layer</dd></div>
<div><dt>∇</dt><dd>the gradient through a layer, at its input</dd></div>
<div><dt>∇→</dt><dd>the sum of the gradients from all who read a layer's output</dd></div>
<div><dt>again</dt><dd>computed again in the backward pass instead of kept</dd></div>
<div><dt>raw</dt><dd>a layer's result before its bias</dd></div>
</dl></details>
)html";

inline constexpr std::string_view page_choice = R"html(<fieldset class="view"><legend>Plan and memory</legend>
<label><input type="radio" name="pass" id="see-training" checked="checked" />Training</label>
<label><input type="radio" name="pass" id="see-inference" />Inference</label></fieldset>
)html";

inline constexpr std::string_view page_foot =
    "<footer>Counted from the plan, not measured; weights and their gradients are not in the arenas.</footer>\n";

}  // namespace laminate::looking
