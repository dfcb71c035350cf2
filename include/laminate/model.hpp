// Networks with parameters, under any policy; their plans and their state.
#pragma once

#include <laminate/model/any_model.hpp>
#include <laminate/model/compiled_here.hpp>
#include <laminate/model/compiled_model.hpp>
#include <laminate/model/costs.hpp>
#include <laminate/model/draw_weights.hpp>
#include <laminate/model/frozen_model.hpp>
#include <laminate/model/gradient_norms.hpp>
#include <laminate/model/inference_model.hpp>
#include <laminate/model/layer_results.hpp>
#include <laminate/model/model.hpp>
#include <laminate/model/plan.hpp>
#include <laminate/model/reference_model.hpp>
#include <laminate/model/state_dict.hpp>
