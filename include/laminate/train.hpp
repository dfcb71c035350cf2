// Training: losses, update rules, schedules, fit, and judging what was learned.
#pragma once

#include <laminate/train/evaluate.hpp>
#include <laminate/train/fit.hpp>
#include <laminate/train/fit_options.hpp>
#include <laminate/train/loss/mean_squared_error.hpp>
#include <laminate/train/loss/softmax_cross_entropy.hpp>
#include <laminate/train/metrics.hpp>
#include <laminate/train/optimizer/adam.hpp>
#include <laminate/train/optimizer/adam_w.hpp>
#include <laminate/train/optimizer/sgd.hpp>
#include <laminate/train/recalibrate.hpp>
#include <laminate/train/schedule/constant.hpp>
#include <laminate/train/schedule/cosine.hpp>
#include <laminate/train/schedule/step.hpp>
#include <laminate/train/schedule/warm_up.hpp>
#include <laminate/train/training_state.hpp>
