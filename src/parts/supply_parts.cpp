#include "parts/supply_parts.h"

#include <array>

#include "parts/assembly.h"
#include "parts/bank.h"
#include "parts/bill.h"
#include "parts/customer.h"
#include "parts/item.h"
#include "parts/supplier.h"

namespace beltline {

std::span<const Part> supply_parts() {
  static const std::array parts{
      Part{&kItemSection, compile_items},          Part{&kSupplierSection, compile_suppliers},
      Part{&kAssemblySection, compile_assemblies}, Part{&kBillSection, compile_bills},
      Part{&kBankSection, compile_banks},          Part{&kCustomerSection, compile_customers},
  };
  return parts;
}

}  // namespace beltline
