#include "lp/solver.h"

#include <gtest/gtest.h>
